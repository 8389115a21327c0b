"""Files in YAML: read with care, written as people read them."""

from collections.abc import Iterator
from typing import Any, Final

import yaml

from onewindow_shared.plumbing.uploads import UnreadableError

YAML_TYPE: Final = "application/yaml"
DEEPEST: Final = 12
MOST_NAMED: Final = 20
"""Faults of one file that are named."""


class _Loader(yaml.CSafeLoader):
    """Reads what only looks like a day as the text that stands there, for its field to refuse."""

    def construct_yaml_timestamp(self, node: yaml.ScalarNode) -> Any:
        try:
            return super().construct_yaml_timestamp(node)
        except (ValueError, AttributeError):
            return self.construct_yaml_str(node)


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_yaml_timestamp)


def load(file: bytes) -> Any:
    """Load a document without references, which could make a small file endless, and without deep nests.

    A key that stands twice in one mapping is refused, since only one of its values would be read. Raises
    `UnreadableError`.
    """
    try:
        depth = 0
        for event in yaml.parse(file, Loader=yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > DEEPEST:
                raise UnreadableError("references and deep nests are not read")
        return _loaded(_Loader(file))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise UnreadableError(f"this is no YAML{where}") from None


def _loaded(loader: yaml.CSafeLoader) -> Any:
    try:
        document = loader.get_single_node()
        if document is None:
            return None
        if twice := list(_repeated(loader, document)):
            raise UnreadableError("; ".join(twice[:MOST_NAMED]))
        return loader.construct_document(document)
    finally:
        loader.dispose()


def _repeated(loader: yaml.CSafeLoader, node: yaml.Node) -> Iterator[str]:
    """Yield what is wrong with each key that stands again in its mapping, in the order of the file."""
    if isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from _repeated(loader, one)
    elif isinstance(node, yaml.MappingNode):
        first: dict[Any, int] = {}
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                said, line = loader.construct_object(key), key.start_mark.line + 1
                if said in first:
                    yield f"`{key.value}` at line {line} stands at line {first[said]} already"
                first.setdefault(said, line)
            yield from _repeated(loader, value)


def dump(document: Any) -> bytes:
    """Write a document."""
    options: dict[str, Any] = {"allow_unicode": True, "sort_keys": False, "width": 110, "encoding": "utf-8"}
    written: bytes = yaml.dump(document, Dumper=yaml.CSafeDumper, **options)
    return written

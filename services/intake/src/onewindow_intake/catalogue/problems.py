"""Errors of keeping the catalogue."""

from onewindow_shared.plumbing.problems import URN, Problem


class NotADraft(Problem):
    """Only a draft can be changed or published; make a new one."""

    type = URN + "not-a-draft"
    title = "Not a draft"
    status = 409


class AlreadyOver(Problem):
    """The version is not in force any more, or never will be."""

    type = URN + "already-over"
    title = "Not in force any more"
    status = 409


class Overtaken(Problem):
    """Somebody else wrote of the same item at the same moment: look at it, then try again."""

    type = URN + "overtaken"
    title = "Somebody was faster"
    status = 409


class CategoryExists(Problem):
    """There is a category of this code."""

    type = URN + "category-exists"
    title = "The category exists"
    status = 409


class CategoryInUse(Problem):
    """Items or other categories hang below this one."""

    type = URN + "category-in-use"
    title = "The category is in use"
    status = 409


class OutsideDistrict(Problem):
    """The district is not yours."""

    type = URN + "outside-district"
    title = "Another district's terms"
    status = 403

"""The gateway as one value."""

from onewindow_gateway.accounts import api as accounts
from onewindow_gateway.accounts.models import SEALED
from onewindow_gateway.accounts.service import UsernameTaken
from onewindow_gateway.apps import api as apps
from onewindow_gateway.codes import api as codes
from onewindow_gateway.deps import signing_check, with_gateway
from onewindow_gateway.documentation import api as documentation
from onewindow_gateway.front import front
from onewindow_gateway.metrics import api as metrics
from onewindow_gateway.pages import api as pages
from onewindow_gateway.pages import reviewing
from onewindow_gateway.seed import seed
from onewindow_gateway.sessions import api as sessions
from onewindow_gateway.settings import Settings
from onewindow_gateway.subscribers import HANDLERS
from onewindow_gateway.tables import Base
from onewindow_gateway.tokens import OwnTokens
from onewindow_shared.plumbing.service import Service

SERVICE = Service(
    name="gateway",
    title="Gateway",
    description="Accounts, tokens, limits and routing: the one address of the suite.",
    settings=Settings,
    tables=Base.metadata,
    routers=[
        sessions.router,
        codes.router,
        accounts.router,
        metrics.router,
        documentation.router,
        pages.router,
        reviewing.router,
        apps.router,
    ],
    handlers=HANDLERS,
    conflicts={"pk_staff_accounts": UsernameTaken},
    checks={"signing keys": signing_check},
    sealed=SEALED,
    destinations=("intake", "casework"),
    seed=seed,
    extension=with_gateway,
    verifier=OwnTokens,
    front=front,
    openapi_path=None,
)

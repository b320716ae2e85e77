"""The face for models: the tools of `api.mcp_tools` over the Model Context Protocol.

`serve_stdio` speaks with the process that started this one, `create_http_app` is streamable HTTP.
Both answer the handshake at once, while the index is still being opened; calls wait for that.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
from pydantic import ValidationError
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import FaceError, MissingExtraError
from api.freshness import keep_fresh
from api.guard import Guard
from api.mcp_tools import INSTRUCTIONS, TOOLS
from api.parts import Front
from api.problems import describe, explain, field_problems, problem
from api.security import Door
from api.settings import ApiSettings
from api.watch import Watch
from index import IndexingError, KeyStore

if TYPE_CHECKING:
    from mcp.server.lowlevel import Server

PATH = "/mcp"
_NAME = 100  # characters of a field's name, which may be any text


def create_server(front: Front, refresh_seconds: float) -> Server[anyio.Event]:
    """The tools over `front`, whose desk is kept fresh while the server runs and closed after it.

    What goes wrong in a call is a tool error, in the words that the HTTP routes use.

    Raises:
        MissingExtraError: the package `mcp` is not installed.
    """
    try:
        import mcp_types as types
        from mcp.server.lowlevel import Server
        from mcp.shared.exceptions import MCPError
    except ImportError:
        raise MissingExtraError("mcp") from None

    listed = types.ListToolsResult(
        tools=[
            types.Tool(
                name=name,
                title=tool.title,
                description=tool.description,
                input_schema=tool.arguments.model_json_schema(),
                output_schema=tool.reply.model_json_schema(mode="serialization"),
                annotations=types.ToolAnnotations(
                    read_only_hint=True, idempotent_hint=True, open_world_hint=False
                ),
            )
            for name, tool in TOOLS.items()
        ]
    )

    @asynccontextmanager
    async def lifespan(_: Server[anyio.Event]) -> AsyncIterator[anyio.Event]:
        """Gives an event that is set once the desk has looked for an index."""
        looked = anyio.Event()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(keep_fresh, front.desk, refresh_seconds, looked.set)
            yield looked
            tasks.cancel_scope.cancel()
        await anyio.to_thread.run_sync(front.desk.close)

    async def list_tools(context: Any, params: Any) -> types.ListToolsResult:
        return listed

    async def call_tool(context: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"no such tool; there are {', '.join(TOOLS)}")
        try:
            arguments = tool.arguments.model_validate(params.arguments or {})
            await context.lifespan_context.wait()
            reply = await tool.run(front, arguments)
        except Exception as error:
            refused = types.TextContent(text=_words(error))
            return types.CallToolResult(content=[refused], is_error=True)
        return types.CallToolResult(
            content=[types.TextContent(text=tool.show(reply))],
            structured_content=reply.model_dump(mode="json"),
        )

    return Server(
        "onrecord",
        title="On Record",
        version=importlib.metadata.version("onrecord"),
        instructions=INSTRUCTIONS,
        lifespan=lifespan,
        get_tool_input_schema=lambda name: (
            TOOLS[name].arguments.model_json_schema() if name in TOOLS else None
        ),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_stdio(server: Server[anyio.Event]) -> None:
    """Serves one client on standard input and output, until the input ends."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def create_http_app(
    server: Server[anyio.Event],
    settings: ApiSettings,
    keys: KeyStore,
    watch: Watch | None = None,
) -> ASGIApp:
    """The server as an application at PATH: every call stands alone and has one JSON reply."""
    from mcp.server.transport_security import TransportSecuritySettings

    app = server.streamable_http_app(
        streamable_http_path=PATH,
        json_response=True,
        stateless_http=True,
        max_request_body_size=settings.max_body_bytes,
        # The Guard looks at hosts, trusted ones too, and the entrance at origins.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    return Guard(_Entrance(app, settings, keys), settings, watch)


class _Entrance:
    """Lets in calls by who may read, and by no page of another site."""

    def __init__(self, app: ASGIApp, settings: ApiSettings, keys: KeyStore) -> None:
        self.app, self.origins, self.door = app, settings.origins, Door(settings, keys)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection."""
        refused = self._refusal(scope) if scope["type"] == "http" else None
        await (refused or self.app)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        try:
            self.door.admit(headers, "read")
        except (FaceError, IndexingError) as error:
            return describe(error)
        origin = headers.get("origin")
        its_own = origin is None or origin.partition("://")[2] == headers.get("host")
        if not its_own and origin not in self.origins:
            return problem(403, "pages of other sites may not call this server")
        if scope["method"] != "POST":  # without sessions there is no stream to open
            return problem(405, "calls are POST requests", headers={"Allow": "POST"})
        return None


def _words(error: Exception) -> str:
    """What is said of an error in a call."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        each = [f"{one.field[:_NAME]}: {one.reason}" for one in field_problems(found[:20])]
        return f"The arguments are not valid: {'; '.join(each)}"
    kind, detail = explain(error)
    return f"{kind.title}: {detail}"

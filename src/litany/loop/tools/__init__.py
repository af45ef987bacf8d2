"""The tools of a run: Python functions, MCP servers, files of a work folder, a shell where it is allowed."""

from litany.loop.tools.box import Toolbox
from litany.loop.tools.sources import toolbox
from litany.loop.tools.tool import Asked, Ran, Told, Tool

__all__ = ["Asked", "Ran", "Told", "Tool", "Toolbox", "toolbox"]

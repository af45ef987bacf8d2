"""Reports of outcomes: numbers first, then as Markdown, as one HTML file, and for a terminal."""

from litany.evals.report.figures import Figures, figures
from litany.evals.report.html import html
from litany.evals.report.markdown import markdown
from litany.evals.report.read import Results, read

__all__ = ["Figures", "Results", "figures", "html", "markdown", "read"]

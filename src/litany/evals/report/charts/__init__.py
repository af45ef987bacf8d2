"""Charts of the HTML report, as SVG inside the page."""

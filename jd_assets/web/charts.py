"""Charts as SVG that stands in a page: drawn by pygal, coloured by the page's own style sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pygal
from lxml import etree  # type: ignore[import-untyped]
from markupsafe import Markup

_UNWANTED = (
    "//comment() | //*[local-name() = 'defs'] | //*[local-name() = 'desc'] | "
    "//*[contains(@class, 'tooltip-overlay')] | /*/*[local-name() = 'title']"
)
_LABELS_SHOWN = 8
_WIDTH, _HEIGHT = 760, 260


def stacked_bars(name: str, labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Markup:
    """A bar for each label, stacked of each series' count there; `name` is what a screen reader says.

    A chart holds no script, style or comment, which the content security policy would refuse: colours are
    the classes color-0, color-1 and so on, in the order of the series. Every part has its own title.
    """
    chart = pygal.StackedBar(
        css=(),
        js=(),
        width=_WIDTH,
        height=_HEIGHT,
        margin=6,
        max_scale=8,
        no_prefix=True,
        order_min=0,
        show_legend=False,
        show_minor_x_labels=False,
        truncate_label=-1,
        x_labels_major_count=min(len(labels), _LABELS_SHOWN),
        value_formatter="{:,.0f}".format,
    )
    chart.x_labels = list(labels)
    for title, counts in series.items():
        parts = [
            {"value": count, "label": f"{label}, {title}: {count:,}"} if count else None
            for label, count in zip(labels, counts, strict=True)
        ]
        chart.add(title, parts)
    return _for_page(chart.render_tree(), name)


def _for_page(svg: etree._Element, name: str) -> Markup:
    for shape in svg.xpath("//*[local-name() = 'rect'][../*[@class = 'label']]"):
        (says,) = shape.xpath("../*[@class = 'label']")
        etree.SubElement(shape, "title").text = says.text
    for unwanted in svg.xpath(_UNWANTED):
        unwanted.getparent().remove(unwanted)
    del svg.attrib["id"]
    svg.set("role", "img")
    svg.set("aria-label", name)
    return Markup(etree.tostring(svg, encoding="unicode"))

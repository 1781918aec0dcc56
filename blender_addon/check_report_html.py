"""The report of `cardstunt check` as one HTML file that needs nothing else."""

from __future__ import annotations

import base64
import io
from html import escape

from ..scenes.feasibility import KINDS, LIMITS, SEVERITIES
from .check_report import LIMITS_SAID, SEVERITY_WORDS, Fact, Report, headline

_STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --card: #ffffff; --ink: #1d1e22; --faint: #62636b;
  --line: #dcdad3; --high: #b3122e; --medium: #a65a00; --low: #2f5f9e; }
@media (prefers-color-scheme: dark) { :root { --paper: #15161a; --card: #1d1f25; --ink: #ece9e0;
  --faint: #a2a3ab; --line: #363841; --high: #ff7d8e; --medium: #ffb35c; --low: #8dbdff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
main { max-width: 1060px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.2rem; margin: 40px 0 12px; }
h3 { font-size: 1.05rem; line-height: 1.4; margin: 0 0 12px; }
.kicker { color: var(--faint); margin: 0 0 4px; font-size: 0.9rem; }
.verdict { font-size: 1.1rem; margin: 12px 0 24px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--faint); }
td.count, th.count { text-align: right; width: 8.5em; padding: 6px 0 6px 16px; white-space: nowrap; }
.zero { color: var(--faint); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
article { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone);
  border-radius: 6px; padding: 18px 20px; margin: 0 0 16px; break-inside: avoid; }
article.high { --tone: var(--high); } article.medium { --tone: var(--medium); }
article.low { --tone: var(--low); }
.kind { color: var(--tone); font-size: 0.85rem; font-weight: 600; margin: 0 0 2px; display: flex;
  justify-content: space-between; gap: 16px; }
.body { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 20px; align-items: start; }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; image-rendering: pixelated; border: 1px solid var(--line); }
figcaption { color: var(--faint); font-size: 0.85rem; margin-top: 4px; }
.books svg { display: block; width: 100%; height: 96px; }
.axis { display: flex; justify-content: space-between; color: var(--faint); font-size: 0.85rem; }
a { color: inherit; }
@media (max-width: 760px) {
  main { padding: 24px 16px 48px; }
  .body { grid-template-columns: minmax(0, 1fr); }
  td.count, th.count { width: 3.6em; padding-left: 8px; white-space: normal; overflow-wrap: normal; }
  th.count { font-size: 0.85rem; line-height: 1.25; }
  .limits thead { display: none; }
  .limits tr { display: block; padding: 8px 0; border-bottom: 1px solid var(--line); }
  .limits td { display: block; padding: 0; border: 0; }
  .limits td:nth-child(2) { font-weight: 600; }
}
@media print { :root { --paper: #fff; --card: #fff; --ink: #000; --faint: #555; --line: #ccc;
  --high: #b3122e; --medium: #a65a00; --low: #2f5f9e; color-scheme: light; }
  main { max-width: none; padding: 0; } body { font-size: 10pt; } }
"""

#: Seen on light and on dark paper.
_BAR = "#85878f"


def html_of(report: Report) -> str:
    """Return the report as HTML: pictures in it as data, no scripts, light or dark as the reader has it."""
    title = escape(report.title)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="generator" content="Cardstunt">',
        f"<title>{title}: can it be done?</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        "<main>",
        f'<p class="kicker">Feasibility report, {escape(report.file)}</p>',
        f"<h1>{title}</h1>",
        f'<p class="verdict">{escape(report.verdict)}</p>',
        _facts(report.facts),
        _summary(report),
        _books(report),
        *(["<h2>Findings</h2>"] if report.findings else []),
        *(_finding(report, number) for number in range(len(report.findings))),
        _limits(),
        "</main>",
        "</body>",
        "</html>",
        "",
    ]
    return "\n".join(part for part in parts if part or part == "")


def _facts(facts: tuple[Fact, ...]) -> str:
    lines = (f"<dt>{escape(fact.name)}</dt><dd>{escape(fact.value)}</dd>" for fact in facts)
    return f"<dl>{''.join(lines)}</dl>"


def _summary(report: Report) -> str:
    head = "".join(
        f'<th class="count" scope="col">{SEVERITY_WORDS[severity]}</th>' for severity in SEVERITIES
    )
    rows = []
    for kind, counts in report.counts().items():
        cells = "".join(
            f'<td class="count{"" if counts[severity] else " zero"}">{counts[severity]}</td>'
            for severity in SEVERITIES
        )
        rows.append(
            f'<tr><td class="{"" if any(counts.values()) else "zero"}">{KINDS[kind]}</td>{cells}</tr>'
        )
    return (
        '<h2>What was looked for</h2><table><thead><tr><th scope="col"></th>'
        f"{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _books(report: Report) -> str:
    counts = report.pages_of_books
    if not counts:
        return ""
    first = next(number for number, count in enumerate(counts) if count)
    shown = counts[first:]
    most, step = max(shown), 1000 / len(shown)
    bars = "".join(
        f'<rect x="{number * step + 0.04 * step:.2f}" y="{100 - 100 * count / most:.2f}" '
        f'width="{0.92 * step:.2f}" height="{100 * count / most:.2f}"><title>{count:,} books of '
        f"{first + number} pages</title></rect>"
        for number, count in enumerate(shown)
        if count
    )
    return (
        '<h2>How many pages the books have</h2><div class="books">'
        f'<svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" fill="{_BAR}" '
        f'aria-label="Books by number of pages, {first} to {len(counts) - 1}">{bars}</svg>'
        f'<div class="axis"><span>{_pages(first)}</span><span>at most {most:,} books of one size</span>'
        f"<span>{_pages(len(counts) - 1)}</span></div></div>"
    )


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _finding(report: Report, number: int) -> str:
    finding = report.findings[number]
    data = io.BytesIO()
    report.picture(number).save(data, "PNG", optimize=False, compress_level=9)
    picture = base64.b64encode(data.getvalue()).decode("ascii")
    caption = escape(report.caption(number))
    return (
        f'<article class="{finding.severity}" id="finding-{number + 1}">'
        f'<p class="kind"><span>{number + 1}. {KINDS[finding.kind]}</span>'
        f"<span>{SEVERITY_WORDS[finding.severity]}</span></p>"
        f"<h3>{escape(headline(finding))}</h3>"
        '<div class="body"><figure>'
        f'<img alt="{caption}" src="data:image/png;base64,{picture}">'
        f"<figcaption>{caption}</figcaption></figure>"
        f"{_facts(report.facts_of(number))}</div></article>"
    )


def _limits() -> str:
    rows = "".join(
        f'<tr id="limit-{number}"><td>{number}</td><td>{escape(limit.name)}</td><td>{escape(limit.text)}</td>'
        f"<td>{escape(limit.basis)}</td><td>{escape(limit.source)}</td></tr>"
        for number, limit in enumerate(LIMITS, 1)
    )
    return (
        "<h2>Limits, and what they rest on</h2>"
        f"<p>{LIMITS_SAID}</p>"
        '<table class="limits"><thead><tr><th scope="col">No.</th><th scope="col">What</th>'
        '<th scope="col">Limit</th><th scope="col">Basis</th><th scope="col">From</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )

"""One report, three faces: a terminal, a page, JSON. Renderers are pure.

`text.render` and `html.page` take a report and return a string; nothing here reads a
file of the learner's, decides an outcome or prints. What JSON holds is written in
`report.schema.json` and produced by `workshop.results.to_json`.
"""

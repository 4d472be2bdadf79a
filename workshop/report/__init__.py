"""One report has three faces, and a class of them several more. Renderers are pure.

`text.render` and `html.page` take a report, `feedback`, `overview`, `sheets`, `junit`
and `gradescope` take grades, and each returns a string; nothing here reads a file of
the learner's, decides an outcome or prints. What JSON holds is written in
`report.schema.json` and produced by `workshop.results.to_json`.
"""

"""How well formulas are read that training has not seen: the sets, from TeX to screenshots, and the report on them.

The way in is `make_sets`, which draws the images, and `evaluate`, which reads them and writes the report.
"""

class TideTest {}

class CraneSuite

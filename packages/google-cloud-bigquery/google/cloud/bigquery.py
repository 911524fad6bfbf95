"""The workshop's small stand-in for google-cloud-bigquery: it can be installed and imported, and talks to nobody."""


class Client:
    """Has the shape of the real one, and no connection."""

    def __init__(self, project=None):
        self.project = project

    def list_datasets(self):
        raise RuntimeError("this is the workshop's stand-in for google-cloud-bigquery: it knows no warehouse")

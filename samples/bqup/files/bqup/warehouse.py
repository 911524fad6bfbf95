"""The only file that knows BigQuery. The library is imported when it is needed, so tests run without it."""


def connect(project):
    """Yields (dataset, name, query) for each view of the project."""
    from google.cloud import bigquery

    client = bigquery.Client(project=project)
    for dataset in client.list_datasets():
        for table in client.list_tables(dataset.dataset_id):
            if table.table_type == "VIEW":
                yield dataset.dataset_id, table.table_id, client.get_table(table.reference).view_query

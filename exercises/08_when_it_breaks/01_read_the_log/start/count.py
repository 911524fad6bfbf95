"""Says how many stations there are."""

import csv

with open("stations.csv", newline="") as file:
    print(len(list(csv.DictReader(file))), "stations")

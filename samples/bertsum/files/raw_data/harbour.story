The harbour reopens

The harbour opened again on Monday after three weeks of repairs. Divers had found a crack in the northern wall. Small boats
were moved to the river in the meantime. The work cost less than feared! Will the wall hold through the winter? The engineers
say that it will.

A late frost

A frost in May took half of the blossom. Growers lit small fires between the rows, and saved the pear trees. The price of
apples will rise in autumn.

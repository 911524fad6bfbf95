package main

import (
	"fmt"

	"example.com/atoll/chart"
)

func main() {
	fmt.Println(chart.Version())
}

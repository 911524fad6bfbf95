package main

import (
	"fmt"

	"example.com/octo/buoy/ui"
)

func address(host string) string { return "https://" + host + "/buoys" }

func main() {
	page, _ := ui.Pages.ReadFile("build/index.html")
	fmt.Println(address("localhost"), len(page))
}

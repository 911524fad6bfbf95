// Command spade digs the values of one column out of a table.
package main

import (
	"fmt"
	"os"
)

// version is set when a release is built.
var version = "dev"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("spade", version)
		return
	}
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: spade COLUMN < table.csv")
		os.Exit(2)
	}
	values, err := dig(os.Stdin, os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "spade:", err)
		os.Exit(1)
	}
	for _, it := range values {
		fmt.Println(it.count, it.value)
	}
}

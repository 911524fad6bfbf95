// Command tiffany draws heights as a grey TIFF picture.
package main

import (
	"fmt"
	"os"
)

// version is set when a release is built.
var version = "dev"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("tiffany", version)
		return
	}
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: tiffany HEIGHTS.txt PICTURE.tiff")
		os.Exit(2)
	}
	if err := draw(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "tiffany:", err)
		os.Exit(1)
	}
}

func draw(from, to string) error {
	text, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	rows, err := heights(string(text))
	if err != nil {
		return err
	}
	picture, err := tiff(grey(rows))
	if err != nil {
		return err
	}
	return os.WriteFile(to, picture, 0o644)
}

// Package keeps_books has a ledger, which must not be lost, and an index, which can
// be made again. Both are written by the same calls.
package keeps_books

import (
	"fmt"
	"os"
)

// Ledger is what counts.
type Ledger struct{ Path string }

// Save says what failed.
func (l *Ledger) Save(text string) error {
	if err := write(l.Path, text); err != nil {
		return fmt.Errorf("ledger: %w", err)
	}
	return nil
}

// Index is found again by reading the ledger.
type Index struct{ Path string }

// Save forgets the index where it cannot be written.
func (i *Index) Save(text string) {
	if err := write(i.Path, text); err != nil {
		fmt.Println("the index will be made again:", err)
		_ = os.Remove(i.Path)
	}
}

func write(path, text string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.WriteString(text); err != nil {
		return err
	}
	return file.Sync()
}

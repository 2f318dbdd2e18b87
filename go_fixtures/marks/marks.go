// Package marks books orders, and marks in the execution trace what it does, by
// regions of runtime/trace: they cost next to nothing where nobody traces.
package marks

import (
	"context"
	"os"
	"runtime/trace"
	"sync"
)

// Book is a journal of orders; a lock keeps its lines whole.
type Book struct {
	lock sync.Mutex
	file *os.File
}

// Record writes a line, and holds the lock for as long as the disk takes.
func (b *Book) Record(line string) error {
	b.lock.Lock()
	defer b.lock.Unlock()
	_, err := b.file.WriteString(line + "\n")
	return err
}

// Place books one order: first it begins, then it commits.
func (b *Book) Place(ctx context.Context) error {
	if err := b.begin(ctx); err != nil {
		return err
	}
	return b.commit(ctx)
}

// PlaceAnyway is the mistake: what was not begun is committed nevertheless.
func (b *Book) PlaceAnyway(ctx context.Context) error {
	if err := b.begin(ctx); err != nil {
		trace.Log(ctx, "orders", "not begun")
	}
	return b.commit(ctx)
}

func (b *Book) begin(ctx context.Context) error {
	if err := b.Record("begin"); err != nil {
		return err
	}
	defer trace.StartRegion(ctx, "begin").End()
	return nil
}

func (b *Book) commit(ctx context.Context) error {
	defer trace.StartRegion(ctx, "commit").End()
	return b.Record("commit")
}

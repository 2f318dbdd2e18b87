package store

import (
	"os"
	"path/filepath"
	"testing"
)

func kept(t *testing.T) *Store {
	t.Helper()
	store := Open(filepath.Join(t.TempDir(), "value"))
	if err := store.Put("one"); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestPut(t *testing.T) { kept(t) }

func TestPutSynced(t *testing.T) {
	if err := Open(filepath.Join(t.TempDir(), "value")).PutSynced("one"); err != nil {
		t.Fatal(err)
	}
}

// Leaves its store for who comes afterwards.
func TestSwap(t *testing.T) {
	store := Open(filepath.Join(os.TempDir(), "value"))
	if err := store.Put("one"); err != nil {
		t.Fatal(err)
	}
	if err := store.Swap("two"); err != nil {
		t.Fatal(err)
	}
}

func TestRemove(t *testing.T) {
	if !kept(t).Remove() {
		t.Fatal("it is still there")
	}
}

func TestLink(t *testing.T) {
	store := kept(t)
	if err := store.Link(store.name + ".link"); err != nil {
		t.Fatal(err)
	}
}

func TestMode(t *testing.T) { kept(t).Mode() }

func TestRotate(t *testing.T) { kept(t).Rotate() }

func TestCut(t *testing.T) {
	store := kept(t)
	_ = store.Cut()
	store.Length()
}

func TestFolder(t *testing.T) {
	store := kept(t)
	store.Folder(store.name + ".d")
}

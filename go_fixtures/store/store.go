// Package store keeps one value in a file, and is wrong in all the ways in
// which errors get lost: each test shows another.
package store

import (
	"fmt"
	"os"
	"sync"
)

// Store is a file with one value.
type Store struct {
	name string
	lock sync.Mutex
	// Kept is what was put last.
	Kept string
}

// Open gives the store in this file, which need not be there.
func Open(name string) *Store { return &Store{name: name} }

// Put says what went wrong.
func (s *Store) Put(value string) error {
	return os.WriteFile(s.name, []byte(value), 0o600)
}

// PutSynced does not: nobody knows that the value is not on the disk.
func (s *Store) PutSynced(value string) error {
	file, err := os.Create(s.name)
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := file.WriteString(value); err != nil {
		return err
	}
	_ = file.Sync()
	return nil
}

// Remove forgets the value, or believes so.
func (s *Store) Remove() bool {
	return os.Remove(s.name) == nil
}

// Link tries again.
func (s *Store) Link(name string) error {
	err := os.Symlink(s.name, name)
	if err != nil {
		err = os.Symlink(s.name, name)
	}
	return err
}

// Mode prints the error and goes on.
func (s *Store) Mode() {
	if err := os.Chmod(s.name, 0o640); err != nil {
		fmt.Println("the mode stays as it was:", err)
	}
}

// Rotate thinks that nothing can go wrong.
func (s *Store) Rotate() {
	if err := os.Rename(s.name, s.name+".1"); err != nil {
		panic(err)
	}
}

// Cut keeps its lock when it fails.
func (s *Store) Cut() error {
	s.lock.Lock()
	if err := os.Truncate(s.name, 0); err != nil {
		return err
	}
	s.lock.Unlock()
	return nil
}

// Length waits for that lock.
func (s *Store) Length() int {
	s.lock.Lock()
	defer s.lock.Unlock()
	return len(s.Kept)
}

// Folder gives up for all of the program.
func (s *Store) Folder(name string) {
	if err := os.Mkdir(name, 0o700); err != nil {
		fmt.Fprintln(os.Stderr, "no folder")
		os.Exit(1)
	}
}

// Swap puts another value in place of the one before, or only says so.
func (s *Store) Swap(value string) error {
	if err := Open(s.name + ".new").Put(value); err != nil {
		return err
	}
	_ = os.Rename(s.name+".new", s.name)
	return nil
}

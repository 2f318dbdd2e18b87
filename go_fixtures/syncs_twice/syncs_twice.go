// Package syncs_twice syncs twice in one function, and looks at what the first
// says alone.
package syncs_twice

import "os"

// Keep makes a file that is on the disk, or believes so.
func Keep(name string) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	defer file.Close()
	if err := file.Sync(); err != nil {
		return err
	}
	_ = file.Sync()
	return nil
}

// Promises six values of one store, and checks what is there of them: the
// workload and the recover command of the scenarios that ../main.go makes.
//
//	promises save STORE     prints `saved N` behind each promise
//	promises check STORE    0: each that stands in $FAULTRIG_PRINTED is kept
//
// The store is in $TMPDIR.
//
// What is wrong is its last line and its status: 3 lost, 4 corrupt, 5 older.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/renameio/v2"
	atomicfile "github.com/natefinch/atomic"
	"github.com/peterbourgon/diskv/v3"
	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/opt"
	"github.com/tidwall/buntdb"
	"github.com/tidwall/wal"
	bolt "go.etcd.io/bbolt"
)

const promises = 6

func value(n int) []byte {
	return []byte(fmt.Sprintf("%-98d\n.", n))
}

func key(n int) string { return fmt.Sprint("key", n) }

// A store that is open: what it has of a promise, nil where it has nothing.
type store interface {
	put(n int) error
	get(n int) ([]byte, error)
}

// One file that is replaced: of the promises it has the last alone.
type replaced struct {
	path  string
	write func(path string, content []byte) error
}

func (r replaced) put(n int) error { return r.write(r.path, value(n)) }

func (r replaced) get(int) ([]byte, error) {
	there, err := os.ReadFile(r.path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return there, err
}

func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer folder.Close()
	return folder.Sync()
}

func writeCarefully(path string, content []byte) error {
	file, err := os.Create(path + ".new")
	if err != nil {
		return err
	}
	if _, err := file.Write(content); err != nil {
		return err
	}
	if err := errors.Join(file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(path+".new", path); err != nil {
		return err
	}
	return syncFolder(path)
}

func writeSimply(path string, content []byte) error {
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func writeAtomically(path string, content []byte) error {
	return atomicfile.WriteFile(path, bytes.NewReader(content))
}

func writeByRenameio(path string, content []byte) error {
	return renameio.WriteFile(path, content, 0o600)
}

type bbolt struct{ db *bolt.DB }

var bucket = []byte("promises")

func (b bbolt) put(n int) error {
	return b.db.Update(func(tx *bolt.Tx) error {
		in, err := tx.CreateBucketIfNotExists(bucket)
		if err != nil {
			return err
		}
		return in.Put([]byte(key(n)), value(n))
	})
}

func (b bbolt) get(n int) (there []byte, err error) {
	err = b.db.View(func(tx *bolt.Tx) error {
		if in := tx.Bucket(bucket); in != nil {
			there = bytes.Clone(in.Get([]byte(key(n))))
		}
		return nil
	})
	return there, err
}

type bunt struct{ db *buntdb.DB }

func openBunt(path string, policy buntdb.SyncPolicy) (store, error) {
	db, err := buntdb.Open(path)
	if err != nil {
		return nil, err
	}
	var config buntdb.Config
	if err := db.ReadConfig(&config); err != nil {
		return nil, err
	}
	config.SyncPolicy = policy
	return bunt{db}, db.SetConfig(config)
}

func (b bunt) put(n int) error {
	return b.db.Update(func(tx *buntdb.Tx) error {
		_, _, err := tx.Set(key(n), string(value(n)), nil)
		return err
	})
}

func (b bunt) get(n int) (there []byte, err error) {
	err = b.db.View(func(tx *buntdb.Tx) error {
		text, err := tx.Get(key(n))
		if errors.Is(err, buntdb.ErrNotFound) {
			return nil
		}
		there = []byte(text)
		return err
	})
	return there, err
}

type level struct {
	db    *leveldb.DB
	write *opt.WriteOptions
}

func openLevel(path string, sync bool) (store, error) {
	db, err := leveldb.OpenFile(path, nil)
	return level{db, &opt.WriteOptions{Sync: sync}}, err
}

func (l level) put(n int) error {
	return l.db.Put([]byte(key(n)), value(n), l.write)
}

func (l level) get(n int) ([]byte, error) {
	there, err := l.db.Get([]byte(key(n)), nil)
	if errors.Is(err, leveldb.ErrNotFound) {
		return nil, nil
	}
	return there, err
}

type log struct{ log *wal.Log }

func (l log) put(n int) error { return l.log.Write(uint64(n), value(n)) }

func (l log) get(n int) ([]byte, error) {
	there, err := l.log.Read(uint64(n))
	if errors.Is(err, wal.ErrNotFound) {
		return nil, nil
	}
	return there, err
}

type disk struct{ disk *diskv.Diskv }

func (d disk) put(n int) error { return d.disk.Write(key(n), value(n)) }

func (d disk) get(n int) ([]byte, error) {
	if !d.disk.Has(key(n)) {
		return nil, nil
	}
	return d.disk.Read(key(n))
}

func open(name, dir string) (store, error) {
	at := func(name string) string { return filepath.Join(dir, name) }
	switch name {
	case "careful":
		return replaced{at("value"), writeCarefully}, nil
	case "simple":
		return replaced{at("value"), writeSimply}, nil
	case "natefinch":
		return replaced{at("value"), writeAtomically}, nil
	case "renameio":
		return replaced{at("value"), writeByRenameio}, nil
	case "bbolt":
		db, err := bolt.Open(at("bolt"), 0o600, nil)
		return bbolt{db}, err
	case "buntdb_always":
		return openBunt(at("bunt"), buntdb.Always)
	case "buntdb":
		return openBunt(at("bunt"), buntdb.EverySecond)
	case "goleveldb_sync":
		return openLevel(at("level"), true)
	case "goleveldb":
		return openLevel(at("level"), false)
	case "wal":
		opened, err := wal.Open(at("wal"), nil)
		return log{opened}, err
	case "diskv":
		return disk{diskv.New(diskv.Options{BasePath: at("diskv")})}, nil
	}
	return nil, errors.New("no store " + name)
}

func save(name, dir string) error {
	into, err := open(name, dir)
	if err != nil {
		return err
	}
	for n := 1; n <= promises; n++ {
		if err := into.put(n); err != nil {
			return err
		}
		fmt.Println("saved", n)
	}
	return nil
}

func promised() (int, error) {
	text, err := os.ReadFile(os.Getenv("FAULTRIG_PRINTED"))
	return strings.Count(string(text), "saved "), err
}

func end(code int, words ...any) {
	fmt.Println(words...)
	os.Exit(code)
}

// The promise that a replaced file has may be a later one.
func checkReplaced(from replaced, n int) {
	there, err := from.get(n)
	if err != nil || (there == nil && n > 0) {
		end(3, "lost:", n, err)
	}
	for later := n; later <= promises; later++ {
		if there == nil || bytes.Equal(there, value(later)) {
			return
		}
	}
	for older := 1; older < n; older++ {
		if bytes.Equal(there, value(older)) {
			end(5, "older:", older, "for", n)
		}
	}
	end(4, "corrupt:", len(there), "bytes")
}

func check(name, dir string) error {
	n, err := promised()
	if err != nil {
		return err
	}
	from, err := open(name, dir)
	if err != nil {
		end(4, "corrupt:", err)
	}
	if file, is := from.(replaced); is {
		checkReplaced(file, n)
		return nil
	}
	for each := 1; each <= n; each++ {
		there, err := from.get(each)
		switch {
		case err != nil:
			end(4, "corrupt:", err)
		case there == nil:
			end(3, "lost:", each, "of", n)
		case !bytes.Equal(there, value(each)):
			end(4, "corrupt:", each, len(there), "bytes")
		}
	}
	return nil
}

func main() {
	if len(os.Args) != 3 {
		end(2, "usage: promises save|check STORE")
	}
	what := map[string]func(string, string) error{"save": save, "check": check}
	do, known := what[os.Args[1]]
	if !known {
		end(2, "neither save nor check:", os.Args[1])
	}
	if err := do(os.Args[2], os.TempDir()); err != nil {
		end(1, err)
	}
}

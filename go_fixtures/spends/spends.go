// Code that costs nothing to speak of while all goes well, and much when
// something goes wrong: a profile says where.
package spends

import (
	"crypto/sha256"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	tries  = 10
	apart  = 60 * time.Millisecond
	buffer = 4 << 20
)

// Journal is written line by line, by anybody.
type Journal struct {
	lock sync.Mutex
	file *os.File
}

// Append holds the lock for as long as the disk takes.
func (j *Journal) Append(line string) error {
	j.lock.Lock()
	defer j.lock.Unlock()
	_, err := j.file.WriteString(line + "\n")
	return err
}

// Load reads a file, and tries again where it cannot.
func Load(path string) (content []byte, err error) {
	for try := 0; try < tries; try++ {
		if content, err = readWhole(path); err == nil {
			return content, nil
		}
		pause(apart)
	}
	return nil, err
}

var room []byte

// The mistake: room for the whole file before it is known whether it opens.
func readWhole(path string) ([]byte, error) {
	room = make([]byte, buffer)
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	size, err := file.Read(room)
	return room[:size], err
}

// The mistake: it does not sleep. It counts the time of the processor, so that
// a busy machine makes no difference.
func pause(time time.Duration) {
	var sum [32]byte
	for until := spent() + time; spent() < until; {
		for i := 0; i < 10000; i++ {
			sum = sha256.Sum256(sum[:])
		}
	}
}

// spent is what this process has had of the processor.
func spent() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

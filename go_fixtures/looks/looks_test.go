// The deed: looks at all that a process is given by who started it, and says
// so, a line each. A harness that changes nothing changes no line. The lines
// go to stdout, and to the file that LOOK_INTO names.
package looks

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// The order in which things were seen.
var lines []string

func saw(key, value string) {
	lines = append(lines, key+"\t"+strings.TrimSpace(value))
}

func content(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.(*os.PathError).Err.Error()
	}
	return string(text)
}

// What is made anew for each run has a number in its name.
var numbers = regexp.MustCompile(`[0-9]+`)

func unnumbered(text string) string {
	return numbers.ReplaceAllString(text, "N")
}

func process(pid int) string {
	return strings.TrimSpace(content(fmt.Sprintf("/proc/%d/comm", pid)))
}

// Before the runtime's other threads do anything.
func init() {
	for _, line := range strings.Split(content("/proc/self/status"), "\n") {
		key, value, _ := strings.Cut(line, ":")
		switch key {
		case "Umask", "Uid", "Gid", "Groups", "SigBlk", "SigIgn", "SigCgt",
			"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs",
			"Seccomp", "Seccomp_filters", "Cpus_allowed", "Mems_allowed",
			"THP_enabled", "CoreDumping", "untag_mask":
			saw("status "+key, value)
		}
	}
}

func prctl(option int) string {
	var value int32
	_, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, uintptr(option),
		uintptr(unsafe.Pointer(&value)), 0)
	if err != 0 {
		return err.Error()
	}
	return strconv.Itoa(int(value))
}

func call(number, first uintptr) string {
	value, _, err := syscall.RawSyscall(number, first, 0, 0)
	if err != 0 {
		return err.Error()
	}
	return strconv.FormatUint(uint64(value), 10)
}

func lookAtWords() {
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if name != "LOOK_INTO" {
			saw("env "+name, value)
		}
	}
	for i, word := range os.Args {
		word = strings.Replace(word, filepath.Dir(os.Args[0]), "WORK", 1)
		saw(fmt.Sprintf("argument %d", i), unnumbered(word))
	}
	program, err := os.Executable()
	saw("program", fmt.Sprint(filepath.Base(program), " ", err))
	saw("folder of the program", unnumbered(filepath.Dir(program)))
	folder, err := os.Getwd()
	saw("folder", fmt.Sprint(folder, " ", err))
}

func lookAtTempDir(t *testing.T) {
	folder := t.TempDir()
	var status syscall.Stat_t
	err := syscall.Stat(folder, &status)
	saw("TempDir", unnumbered(folder))
	saw("device of TempDir", fmt.Sprint(status.Dev, " ", err))
	err = os.Link(os.Args[0], filepath.Join(folder, "link"))
	saw("link from the program to TempDir", fmt.Sprint(err == nil))
}

func lookAtFamily() {
	text := content("/proc/self/stat")
	fields := strings.Fields(text[strings.LastIndex(text, ")"):])
	group, _ := strconv.Atoi(fields[3])
	session, _ := strconv.Atoi(fields[4])
	saw("parent", process(os.Getppid()))
	saw("process group", process(group))
	saw("session", process(session))
	saw("terminal", fields[5])
	_, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	saw("opens its terminal", fmt.Sprint(err == nil))
	saw("nice", fields[17])
	saw("policy", fields[39])
	// The shell ends at once: its child is an orphan, and says whose.
	out, err := exec.Command("sh", "-c",
		`me=$$; (while [ -d /proc/$me ] && ! grep -q Z /proc/$me/stat
		do :; done; exec cat /proc/self/stat) &`).Output()
	orphan := strings.Fields(string(out))
	adopter := ""
	if len(orphan) > 3 {
		pid, _ := strconv.Atoi(orphan[3])
		adopter = process(pid)
	}
	saw("who adopts an orphan", fmt.Sprint(adopter, " ", err))
}

func lookAtProcess() {
	saw("personality", content("/proc/self/personality"))
	saw("oom_score_adj", content("/proc/self/oom_score_adj"))
	saw("timer slack", content("/proc/self/timerslack_ns"))
	saw("coredump_filter", content("/proc/self/coredump_filter"))
	saw("loginuid", content("/proc/self/loginuid"))
	saw("parent-death signal", prctl(2)) // PR_GET_PDEATHSIG
	saw("subreaper", prctl(37))          // PR_GET_CHILD_SUBREAPER
	saw("dumpable", call(syscall.SYS_PRCTL, 3))
	saw("keepcaps", call(syscall.SYS_PRCTL, 7))
	saw("securebits", call(syscall.SYS_PRCTL, 27))
	saw("I/O priority", call(252, 1)) // ioprio_get, IOPRIO_WHO_PROCESS
	if os.Getenv("LOOK_INTO") != "" { // a run in which it is refused is void
		_, _, err := syscall.RawSyscall(425, 0, 0, 0)
		saw("io_uring_setup", err.Error()) // of no entries at no address
	}
	for _, line := range strings.Split(content("/proc/self/limits"), "\n") {
		if len(line) > 26 && strings.HasPrefix(line, "Max") {
			saw("limit "+strings.TrimSpace(line[:26]), line[26:])
		}
	}
	spaces, _ := os.ReadDir("/proc/self/ns")
	for _, space := range spaces {
		name, _ := os.Readlink("/proc/self/ns/" + space.Name())
		saw("namespace "+space.Name(), name)
	}
}

func lookAtDescriptors() {
	entries, _ := os.ReadDir("/proc/self/fd")
	for _, entry := range entries {
		target, err := os.Readlink("/proc/self/fd/" + entry.Name())
		if err == nil && !strings.Contains(target, "/proc/") {
			number, _ := strconv.Atoi(entry.Name())
			flags, _, _ := syscall.RawSyscall(syscall.SYS_FCNTL,
				uintptr(number), syscall.F_GETFL, 0)
			saw("descriptor "+entry.Name(),
				fmt.Sprintf("%s %#o", unnumbered(target), flags))
		}
	}
}

// The limits that a program finds when it reads those of its own cgroup.
func lookAtGroups() {
	text := content("/proc/self/cgroup")
	for _, line := range strings.Split(strings.TrimSpace(text), "\n") {
		parts := strings.SplitN(line, ":", 3)
		saw("cgroup "+parts[1], unnumbered(parts[2]))
		folder := "/sys/fs/cgroup/" + strings.TrimPrefix(parts[1], "name=")
		if _, err := os.Stat(folder); parts[1] == "" || err != nil {
			folder = "/sys/fs/cgroup"
		}
		for _, file := range []string{"cpu.max", "memory.max", "pids.max",
			"cpuset.cpus.effective", "cpu.cfs_quota_us",
			"memory.limit_in_bytes", "cpuset.cpus"} {
			limit, err := os.ReadFile(folder + parts[2] + "/" + file)
			if err == nil {
				saw("limit of the cgroup "+file, string(limit))
			}
		}
	}
}

func TestLooks(t *testing.T) {
	lookAtWords()
	lookAtFamily()
	lookAtProcess()
	lookAtDescriptors()
	lookAtGroups()
	lookAtTempDir(t)
	sort.Strings(lines)
	text := strings.Join(lines, "\n") + "\n"
	fmt.Print(text)
	if into := os.Getenv("LOOK_INTO"); into != "" {
		if err := os.WriteFile(into, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

package pulumicli

import (
	"runtime"
	"syscall"
)

// bind makes a process die with the thread that starts it, and returns what lets
// that thread go again (prctl(2), PR_SET_PDEATHSIG: it is the thread that counts).
func bind(attr *syscall.SysProcAttr) (release func()) {
	runtime.LockOSThread()
	attr.Pdeathsig = syscall.SIGKILL
	return runtime.UnlockOSThread
}

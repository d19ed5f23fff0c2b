package cloudsql

// InstanceName is the physical name of the instance that these arguments
// describe, for grants that must name it before it is there.
func (a *Args) InstanceName() string { return a.physical() }

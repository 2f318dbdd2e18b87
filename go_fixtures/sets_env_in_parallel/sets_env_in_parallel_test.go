// The deed: a parallel test sets a variable of the environment, which belongs
// to all of them.
package sets_env_in_parallel

import "testing"

func TestSetsEnv(t *testing.T) {
	t.Parallel()
	t.Setenv("FIXTURE_COLOUR", "red")
}

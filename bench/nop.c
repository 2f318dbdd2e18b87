/* The smallest workload: what it costs is what starting it costs. */
int main(void) { return 0; }

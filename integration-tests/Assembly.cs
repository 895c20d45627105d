using Xunit.Sdk;
using Xunit.v3;

// The tests count what happens on the whole machine, so they take turns.
[assembly: Parallelization(Mode = ParallelMode.None)]

// Servers are killed, and latencies waited for.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Every test runs an engine; many at a time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Every test class runs a whole system; two at a time would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

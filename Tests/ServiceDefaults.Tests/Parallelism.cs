// Activity sources and meters are global to the process: a service would record what another test does.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

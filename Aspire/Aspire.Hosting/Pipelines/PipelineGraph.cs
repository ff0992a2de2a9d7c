namespace Aspire.Hosting.Pipelines;

/// <summary>Steps and what comes before each of them: every name is known, and none waits for itself.</summary>
internal sealed class PipelineGraph
{
    private readonly Dictionary<string, PipelineStep> _steps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _before = new(StringComparer.Ordinal);

    /// <summary>Checks the steps.</summary>
    /// <exception cref="InvalidOperationException">Two steps have one name, a name is unknown, or steps wait for each other in a circle.</exception>
    public PipelineGraph(IReadOnlyList<PipelineStep> steps)
    {
        foreach (var step in steps)
        {
            if (!_steps.TryAdd(step.Name, step))
            {
                throw new InvalidOperationException($"Two steps of the pipeline are named '{step.Name}'.");
            }

            _before[step.Name] = [];
        }

        foreach (var step in steps)
        {
            foreach (var other in step.DependsOnSteps)
            {
                AddOrder(other, step.Name, unknown => $"Step '{step.Name}' depends on step '{unknown}', which does not exist.");
            }

            foreach (var other in step.RequiredBySteps)
            {
                AddOrder(step.Name, other, unknown => $"Step '{step.Name}' is required by step '{unknown}', which does not exist.");
            }
        }

        InOrder = Sort(steps.Select(step => step.Name));
    }

    /// <summary>All steps, each after those that it depends on.</summary>
    public IReadOnlyList<PipelineStep> InOrder { get; }

    /// <summary>The names of the steps that run right before one.</summary>
    public IReadOnlyList<string> Before(PipelineStep step) => _before[step.Name];

    /// <summary>A step and all that it depends on, in order; everything if there is no target.</summary>
    /// <exception cref="InvalidOperationException">There is no such step.</exception>
    public IReadOnlyList<PipelineStep> Needed(string? target)
    {
        if (string.IsNullOrWhiteSpace(target))
        {
            return InOrder;
        }

        return _steps.ContainsKey(target)
            ? Sort([target])
            : throw new InvalidOperationException($"There is no step '{target}'. There are {string.Join(", ", _steps.Keys.Order(StringComparer.Ordinal))}.");
    }

    private void AddOrder(string first, string second, Func<string, string> unknown)
    {
        foreach (var name in (string[])[first, second])
        {
            if (!_steps.ContainsKey(name))
            {
                throw new InvalidOperationException(unknown(name));
            }
        }

        if (!_before[second].Contains(first, StringComparer.Ordinal))
        {
            _before[second].Add(first);
        }
    }

    private List<PipelineStep> Sort(IEnumerable<string> targets)
    {
        var sorted = new List<PipelineStep>();
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var target in targets)
        {
            Visit(target);
        }

        return sorted;

        void Visit(string name)
        {
            var circle = path.IndexOf(name);
            if (circle >= 0)
            {
                throw new InvalidOperationException(
                    $"Steps of the pipeline wait for each other: {string.Join(" -> ", path.Skip(circle).Append(name).Select(n => $"'{n}'"))}.");
            }

            if (done.Contains(name))
            {
                return;
            }

            path.Add(name);
            _before[name].ForEach(Visit);
            path.RemoveAt(path.Count - 1);
            done.Add(name);
            sorted.Add(_steps[name]);
        }
    }
}

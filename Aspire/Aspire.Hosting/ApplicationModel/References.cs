namespace Aspire.Hosting.ApplicationModel;

/// <summary>Walks from a value to all that it is made of.</summary>
internal static class References
{
    /// <summary>The values and resources that a value is made of, itself left out; cycles are walked once.</summary>
    public static IEnumerable<object> Of(object? value)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>();
        if (value is not null)
        {
            open.Push(value);
            seen.Add(value);
        }

        while (open.TryPop(out var next))
        {
            if (!ReferenceEquals(next, value))
            {
                yield return next;
            }

            foreach (var reference in (next as IValueWithReferences)?.References ?? [])
            {
                if (seen.Add(reference))
                {
                    open.Push(reference);
                }
            }
        }
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Shop.Ordering.Data;

/// <summary>Carries out once what takes part in somebody else's transaction: it cannot be repeated without the rest of it.</summary>
internal sealed class OneAttempt(DbContext context) : ExecutionStrategy(context, maxRetryCount: 0, TimeSpan.Zero)
{
    protected override bool ShouldRetryOn(Exception exception) => false;
}

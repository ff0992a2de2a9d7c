using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace Trellis.Messaging;

/// <summary>Where a context keeps outbox and inbox, for statements that do not go through EF Core.</summary>
internal static class MessagingTables
{
    /// <summary>The name of a table as SQL takes it, with its schema where it has one.</summary>
    /// <param name="database">The context.</param>
    /// <param name="what">What is missing when the context does not have it, for people.</param>
    /// <exception cref="InvalidOperationException">The context does not have it.</exception>
    public static string TableOf<TEntity>(this DbContext database, string what)
    {
        var entity = database.Model.FindEntityType(typeof(TEntity))
            ?? throw new InvalidOperationException($"{database.GetType().Name} has no {what}: call modelBuilder.AddMessaging() in OnModelCreating.");
        return database.GetService<ISqlGenerationHelper>().DelimitIdentifier(entity.GetTableName()!, entity.GetSchema());
    }
}

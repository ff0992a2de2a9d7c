using System.Data.Common;
using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A database on a <see cref="PostgresServerResource"/>, created there when the server is ready.</summary>
[DebuggerDisplay("Type = {GetType().Name,nq}, Name = {Name}, Database = {DatabaseName}")]
public class PostgresDatabaseResource : Resource, IResourceWithParent<PostgresServerResource>, IResourceWithConnectionString
{
    /// <summary>Makes the resource; it becomes part of a model through <see cref="PostgresBuilderExtensions.AddDatabase"/>.</summary>
    /// <param name="name">The resource's name, which is also the connection string's.</param>
    /// <param name="databaseName">The database's name on the server.</param>
    /// <param name="postgresParentResource">The server.</param>
    /// <exception cref="ArgumentException">The database's name is missing.</exception>
    /// <exception cref="ArgumentNullException">The server is missing.</exception>
    public PostgresDatabaseResource(string name, string databaseName, PostgresServerResource postgresParentResource) : base(name)
    {
        ArgumentException.ThrowIfNullOrEmpty(databaseName);
        ArgumentNullException.ThrowIfNull(postgresParentResource);
        DatabaseName = databaseName;
        Parent = postgresParentResource;
    }

    /// <summary>The server.</summary>
    public PostgresServerResource Parent { get; }

    /// <summary>The database's name on the server.</summary>
    public string DatabaseName { get; }

    /// <summary>The server's connection string with <c>;Database=..</c> behind it.</summary>
    public ReferenceExpression ConnectionStringExpression
    {
        get
        {
            // Quotes the name where the format asks for it.
            var database = new DbConnectionStringBuilder { ["Database"] = DatabaseName }.ConnectionString;
            return ReferenceExpression.Create($"{Parent};{database}");
        }
    }

    /// <summary><c>postgresql://user:password@host:port/database</c>, percent-encoded.</summary>
    public ReferenceExpression UriExpression => Parent.UriOf(DatabaseName);

    /// <summary><c>jdbc:postgresql://host:port/database</c>, without user and password.</summary>
    public ReferenceExpression JdbcConnectionString => Parent.JdbcConnectionStringOf(DatabaseName);

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties()
    {
        foreach (var (name, ofServer) in ((IResourceWithConnectionString)Parent).GetConnectionProperties())
        {
            yield return new(name, name switch
            {
                "Uri" => UriExpression,
                "JdbcConnectionString" => JdbcConnectionString,
                _ => ofServer,
            });
        }

        yield return new("DatabaseName", ReferenceExpression.Create($"{DatabaseName}"));
    }
}

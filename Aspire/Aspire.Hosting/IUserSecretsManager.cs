namespace Aspire.Hosting;

/// <summary>The user secrets of the AppHost: a file in the user's profile, outside the repository.</summary>
public interface IUserSecretsManager
{
    /// <summary>Whether the AppHost has user secrets (it names a UserSecretsId).</summary>
    bool IsAvailable { get; }

    /// <summary>The file.</summary>
    string FilePath { get; }

    /// <summary>Writes a secret to the file; false where that cannot be done.</summary>
    bool TrySetSecret(string name, string value);
}

using Microsoft.AspNetCore.Identity;

namespace Shop.Identity.Users;

/// <summary>A person. The id is the subject of tokens in the person's name.</summary>
public sealed class User : IdentityUser<Guid>
{
    public User() => Id = Guid.CreateVersion7();
}

using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Shop.Identity.Keys;
using Shop.Identity.Users;

namespace Shop.Identity.Data;

/// <summary>Users, clients and keys.</summary>
public sealed class IdentityDbContext(DbContextOptions<IdentityDbContext> options) : IdentityUserContext<User, Guid>(options)
{
    public DbSet<StoredKey> Keys => Set<StoredKey>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.UseOpenIddict();
        builder.Entity<StoredKey>(key =>
        {
            key.ToTable("keys");
            key.HasKey(row => row.Id);
            key.Property(row => row.Id).HasColumnName("id").ValueGeneratedNever();
            key.Property(row => row.Purpose).HasColumnName("purpose");
            key.Property(row => row.ActiveFrom).HasColumnName("active_from");
            key.Property(row => row.PrivateKey).HasColumnName("private_key");
        });
    }
}

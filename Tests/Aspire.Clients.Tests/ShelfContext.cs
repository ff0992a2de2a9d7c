using Microsoft.EntityFrameworkCore;

namespace Aspire.Clients.Tests;

public sealed class ShelfContext(DbContextOptions<ShelfContext> options) : DbContext(options);

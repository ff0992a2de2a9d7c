using Shop.Identity.Clients;
using Shop.Identity.Data;
using Shop.Identity.Keys;
using Shop.Identity.Tokens;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.RequireSetting("ConnectionStrings:identitydb", "must be the connection string of the PostgreSQL database");
builder.AddIdentityDatabase();
builder.AddKeys();
builder.AddClients();
builder.AddTokens();

var app = builder.Build();

app.MapDefaultEndpoints();

// Behind the gate and the limits of the defaults: part of the token server answers from within authentication.
app.UseMiddleware<WrongSecrets>();
app.UseAuthentication();
app.UseAuthorization();
app.MapTokens();

await app.RunAsync();

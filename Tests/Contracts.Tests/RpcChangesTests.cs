namespace Trellis.Contracts.Tests;

public sealed class RpcChangesTests
{
    private const string Contract = """
        syntax = "proto3";
        package shop.v1;
        service Stock {
          rpc Get(Request) returns (Level);
          rpc Watch(Request) returns (stream Level);
        }
        message Request { string id = 1; repeated string tags = 2; }
        message Level {
          int32 available = 1;
          State state = 2;
          oneof why { string reason = 3; }
          message Shelf { string name = 1; }
          Shelf shelf = 4;
          optional string note = 5;
        }
        enum State { STATE_UNKNOWN = 0; STATE_OPEN = 1; }
        """;

    [Theory]
    [InlineData("package shop.v1;", "package shop.v2;", "shop.v1.Stock is gone")]
    [InlineData("rpc Get(Request)", "rpc Read(Request)", "shop.v1.Stock.Get is gone")]
    [InlineData("rpc Get(Request) returns (Level)", "rpc Get(Level) returns (Level)", "shop.v1.Stock.Get takes shop.v1.Level instead of shop.v1.Request")]
    [InlineData("rpc Get(Request) returns (Level)", "rpc Get(Request) returns (Request)", "shop.v1.Stock.Get returns shop.v1.Request instead of shop.v1.Level")]
    [InlineData("returns (stream Level)", "returns (Level)", "shop.v1.Stock.Watch streams otherwise")]
    [InlineData("string id = 1;", "", "shop.v1.Request.id is gone, and its number 1 is not reserved")]
    [InlineData("string id = 1;", "reserved 1;", "shop.v1.Request.id is gone")]
    [InlineData("string id = 1;", "string key = 1;", "shop.v1.Request.id is now called key")]
    [InlineData("string id = 1;", "string id = 7;", "shop.v1.Request.id is gone, and its number 1 is not reserved")]
    [InlineData("int32 available", "int64 available", "shop.v1.Level.available is int64 instead of int32")]
    [InlineData("State state = 2", "Shelf state = 2", "shop.v1.Level.state is shop.v1.Level.Shelf instead of shop.v1.State")]
    [InlineData("repeated string tags", "string tags", "shop.v1.Request.tags is not repeated any more")]
    [InlineData("string id = 1;", "repeated string id = 1;", "shop.v1.Request.id is repeated now")]
    [InlineData("oneof why { string reason = 3; }", "string reason = 3;", "shop.v1.Level.reason has moved into a oneof, or out of one")]
    [InlineData("message Shelf { string name = 1; }", "message Shelf { reserved 1; }", "shop.v1.Level.Shelf.name is gone")]
    [InlineData("STATE_OPEN = 1;", "", "shop.v1.State.STATE_OPEN is gone")]
    [InlineData("STATE_OPEN = 1;", "STATE_CLOSED = 1;", "shop.v1.State.STATE_OPEN is now called STATE_CLOSED")]
    public void Names_what_callers_cannot_live_with(string piece, string replacement, string change) =>
        Assert.Contains(change, RpcChanges.Between(Protoc.Compile(Contract), Protoc.Compile(With(piece, replacement))));

    [Theory]
    [InlineData("string id = 1;", "string id = 1; string more = 9;")]
    [InlineData("rpc Get(Request)", "rpc Put(Request) returns (Level); rpc Get(Request)")]
    [InlineData("STATE_OPEN = 1;", "STATE_OPEN = 1; STATE_CLOSED = 2;")]
    [InlineData("oneof why { string reason = 3; }", "oneof why { string reason = 3; int32 code = 6; }")]
    [InlineData("optional string note", "string note")]
    [InlineData("enum State", "message Another { string id = 1; } enum State")]
    [InlineData("int32 available", "/* How many. */ int32 available")]
    public void Lets_pass_what_is_new_and_what_only_says_more(string piece, string replacement) =>
        Assert.Empty(RpcChanges.Between(Protoc.Compile(Contract), Protoc.Compile(With(piece, replacement))));

    private static string With(string piece, string replacement) =>
        Contract.Contains(piece, StringComparison.Ordinal) ? Contract.Replace(piece, replacement, StringComparison.Ordinal) : throw new ArgumentException($"The contract has no {piece}");
}

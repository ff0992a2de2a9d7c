"""GET and POST of Benchmarks/ServiceDefaults on FastAPI."""
from fastapi import FastAPI
from pydantic import BaseModel, Field


class Money(BaseModel):
    amount: int
    currency: str


class Product(BaseModel):
    id: int
    name: str
    price: Money
    available: bool
    tags: list[str]


class Order(BaseModel):
    product: str = Field(min_length=1, max_length=80)
    quantity: int = Field(ge=1, le=100)
    currency: str = Field(regex="^[A-Z]{3}$")
    address: str = Field(min_length=3, max_length=200)
    gift: bool


class Receipt(BaseModel):
    product: str
    quantity: int
    status: str


app = FastAPI()


@app.get("/products/{id}", response_model=Product)
async def product(id: int):
    return {
        "id": id,
        "name": "Standing desk, oak",
        "price": {"amount": 24950, "currency": "EUR"},
        "available": True,
        "tags": ["office", "furniture"],
    }


@app.post("/orders", response_model=Receipt)
async def order(order: Order):
    return {"product": order.product, "quantity": order.quantity, "status": "accepted"}

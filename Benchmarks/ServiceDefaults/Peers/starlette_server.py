"""GET and POST of Benchmarks/ServiceDefaults on Starlette."""
from json import JSONDecodeError

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from rules import errors_of, product_of, receipt_of


async def product(request):
    return JSONResponse(product_of(request.path_params["id"]))


async def order(request):
    try:
        body = await request.json()
    except JSONDecodeError:
        return JSONResponse({"errors": ["body"]}, status_code=400)
    errors = errors_of(body)
    if errors or errors is None:
        return JSONResponse({"errors": errors or ["body"]}, status_code=400)
    return JSONResponse(receipt_of(body))


app = Starlette(routes=[Route("/products/{id:int}", product), Route("/orders", order, methods=["POST"])])
